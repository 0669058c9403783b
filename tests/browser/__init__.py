"""People's pages in a real headless Chromium, over the app's own functions and real emulators."""
