"""What every capability stands on, cut by concept."""
