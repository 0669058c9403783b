"""PDF signatures, judged by validators that share no code with the signer."""
