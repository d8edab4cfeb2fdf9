"""Requests of CloudFormation custom resources, and the URLs of their responses."""
