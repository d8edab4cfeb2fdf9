"""What do the use cases need from outside? Protocols, by who provides them."""
