"""Which webhooks does the deployment keep?"""
