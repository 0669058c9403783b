"""The shape of the house: each rule runs, and is shown to fail when it is broken."""
