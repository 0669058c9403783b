"""The board: what the local Azure does, as one page in the browser and the JSON behind it.

It looks into the other parts through their own interfaces, and keeps nothing.
"""
