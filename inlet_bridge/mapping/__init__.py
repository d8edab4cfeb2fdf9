"""What a webhook becomes, shown before anything is deployed."""
