"""The local Azure in the background: started, watched, shown, found again, ended."""
