"""Creates a lead and qualifies it, on the embedded store, with no server: python examples/qualify_lead.py"""

from towpath import Workflow

workflow = Workflow("Qualify a new lead")
# fmt: off
workflow.nodes([
    {"id": "1", "name": "Create Lead", "type": "crm.create", "credentials": ["towpath"],
     "options": {"object": "Lead", "fields": {"firstName": "John", "lastName": "Doe", "company": "Acme Corp",
                                               "email": "john.doe@acme.com", "phone": "123-456-7890"}}},
    {"id": "2", "name": "Update Lead", "type": "crm.update", "credentials": ["towpath"],
     "options": {"object": "Lead", "fields": {"status": "Qualified"},
                 "search": [{"field": "id", "value": "{{ $global.leadId }}", "operator": "=="}]}},
]).edges([{"id": "1", "source": "1", "target": "2", "action": "workflow"}])
# fmt: on
result = workflow.run()

print(result)
for lead in result.items:
    print(lead["id"], lead["company"], lead["status"])
