"""The HTTP door: translates requests, calls the services, and answers; it decides nothing by itself."""
