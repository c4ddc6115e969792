"""What requests and answers look like: pydantic models with examples, from which the OpenAPI document is made."""
