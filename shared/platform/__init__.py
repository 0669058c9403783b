"""What the app gets from where it runs: settings, Azure clients, the clock, ids."""
