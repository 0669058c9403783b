"""A proxy in front of a blob endpoint, which fails as a plan says and changes nothing else."""
