"""Which stages and stacks does the account have, and is it ready for them?"""
