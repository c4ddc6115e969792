"""The CRM: objects as data, records saved set-wise, what changed and why."""
