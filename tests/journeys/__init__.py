"""Stories over real sockets on a whole local Azure, whose parts die in the middle of them."""
