"""What the handlers read of an invocation without AWS's runtime."""


class Context:
    """The attributes that the handlers read."""

    function_name = "flood"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:eu-central-1:123456789012:function:flood"
    aws_request_id = "flood"

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        """The full timeout, as at the start of a call."""
        return 15_000
