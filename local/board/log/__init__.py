"""What the parts have written of late, kept in memory within bounds and found again by its ids."""
