"""PDF signatures: sign, stamp, inspect, render, verify.
Knows no cloud, no database and no HTTP framework.
"""
