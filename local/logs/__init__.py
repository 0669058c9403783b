"""`python -m local logs`: what the parts said, merged by time, filtered, followed."""
