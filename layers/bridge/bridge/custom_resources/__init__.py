"""What does CloudFormation ask for, and where does its response go?"""
