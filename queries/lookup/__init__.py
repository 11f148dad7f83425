"""Looking up: who is called so, what is known of one, who is around."""
