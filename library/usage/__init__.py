"""What is counted of visits, without a reader in it."""
