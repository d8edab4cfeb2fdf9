"""What does a body contain? Its coding, its charset, and the fields of forms."""
