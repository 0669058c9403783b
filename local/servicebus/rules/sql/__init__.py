"""SQL filters: text to tokens, tokens to a tree, a tree to the answer for one message."""
