"""How FollowTheMoney's terms map to ours, where the ontology's ``ftm`` names and equal property names do not say it.

Data, read by `loaders.ftm`; a test checks every name in it against the ontology.
"""

from __future__ import annotations

from dataclasses import dataclass

NEAREST = {
    "Article": "Document", "Audio": "Document", "Image": "Document", "Video": "Document", "Table": "Document",
    "PlainText": "Document", "HyperText": "Document", "Pages": "Document", "Note": "Document", "TaxRoll": "Document",
    "CallForTenders": "Document", "Package": "Folder", "Workbook": "Folder", "EconomicActivity": "CustomsDeclaration",
    "Project": "Thing", "Risk": "ListEntry",
}  # fmt: skip
"""Schemata without a kind of their own, and the kind that is nearest."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A schema that is a link: its kind and the properties that hold its ends."""

    kind: str
    source: str
    target: str


EDGES = {
    "Associate": Edge("ASSOCIATE_OF", "person", "associate"),
    "ContractAward": Edge("AWARDED_TO", "contract", "supplier"),
    "Control": Edge("CONTROLS", "controller", "controlled"),
    "CourtCaseParty": Edge("SUBJECT_OF", "party", "case"),
    "Debt": Edge("INDEBTED_TO", "debtor", "creditor"),
    "Directorship": Edge("DIRECTOR_OF", "director", "organization"),
    "Documentation": Edge("MENTIONS", "document", "entity"),
    "Employment": Edge("EMPLOYED_BY", "employee", "employer"),
    "Family": Edge("FAMILY_OF", "person", "relative"),
    "Membership": Edge("MEMBER_OF", "member", "organization"),
    "Mention": Edge("MENTIONS", "document", "resolved"),
    "Occupancy": Edge("HOLDS_POSITION", "holder", "post"),
    "Ownership": Edge("OWNS", "owner", "asset"),
    "ProjectParticipant": Edge("LINKED_TO", "participant", "project"),
    "Representation": Edge("REPRESENTS", "agent", "client"),
    "Similar": Edge("SAME_NAME_AS", "candidate", "match"),
    "Succession": Edge("SUCCEEDED_BY", "predecessor", "successor"),
    "UnknownLink": Edge("LINKED_TO", "subject", "object"),
}
"""Schemata that are links."""


@dataclass(frozen=True, slots=True)
class Points:
    """A property that names another entity: the link it stands for; ``reverse``: from the named entity to this one."""

    kind: str
    reverse: bool = False


POINTERS = {
    "addressEntity": Points("LOCATED_AT"),
    "proof": Points("MENTIONS", reverse=True),
    "riskSource": Points("LINKED_TO"),
    "parent": Points("SUBSIDIARY_OF"),
    "partOf": Points("LOCATED_IN"),
    "bank": Points("ACCOUNT_AT"),
    "holder": Points("HAS_ACCOUNT", reverse=True),
    "owner": Points("OWNS", reverse=True),
    "operator": Points("OPERATES", reverse=True),
    "issuer": Points("ISSUED_SECURITY", reverse=True),
    "organization": Points("POSITION_IN"),
    "entity": Points("MENTIONS"),
    "authority": Points("ISSUED_BY"),
    "onBehalfOf": Points("LINKED_TO"),
    "tenderers": Points("LINKED_TO"),
    "project": Points("LINKED_TO"),
    "document": Points("PART_OF"),
    "pictured": Points("MENTIONS"),
    "taxee": Points("MENTIONS"),
    "emitters": Points("PREPARED", reverse=True),
    "sender": Points("PREPARED", reverse=True),
    "senderAccount": Points("LINKED_TO"),
    "recipients": Points("ADDRESSED_TO"),
    "recipientAccount": Points("LINKED_TO"),
    "inReplyToEmail": Points("LINKED_TO"),
    "inReplyToMessage": Points("LINKED_TO"),
    "organizer": Points("INVOLVED_IN", reverse=True),
    "involved": Points("INVOLVED_IN", reverse=True),
    "caller": Points("CALLER", reverse=True),
    "receiver": Points("RECIPIENT"),
    "payer": Points("ORIGINATOR", reverse=True),
    "payerAccount": Points("ORIGINATOR", reverse=True),
    "beneficiary": Points("BENEFICIARY"),
    "beneficiaryAccount": Points("BENEFICIARY"),
    "contract": Points("SETTLES"),
    "startLocation": Points("DEPARTED_FROM"),
    "endLocation": Points("ARRIVED_AT"),
    "vehicle": Points("CARRIED_ON"),
    "declarant": Points("DECLARANT", reverse=True),
    "contractHolder": Points("LINKED_TO"),
    "bankAccount": Points("LINKED_TO"),
    "bankRub": Points("LINKED_TO"),
    "bankForeign": Points("LINKED_TO"),
    "transport": Points("COVERS"),
}
"""Properties that hold the id of another entity. A link its ends do not allow becomes LINKED_TO."""
POINTERS_OF = {
    "Document": {"parent": Points("PART_OF")},
    "Folder": {"parent": Points("PART_OF")},
    "EmailMessage": {"parent": Points("PART_OF")},
    "RealEstate": {"parent": Points("LINKED_TO")},
    "IdentityPaper": {"holder": Points("HOLDS_DOCUMENT", reverse=True)},
    "Passport": {"holder": Points("HOLDS_DOCUMENT", reverse=True)},
    "OnlineAccount": {"owner": Points("HAS_ONLINE_ACCOUNT", reverse=True)},
    "ListEntry": {"entity": Points("LISTED_AS", reverse=True)},
    "CustomsDeclaration": {
        "sender": Points("EXPORTER", reverse=True),
        "receiver": Points("IMPORTER", reverse=True),
        "contract": Points("LINKED_TO"),
    },
}
"""The same for one kind, before POINTERS. A text under such a name where the kind has a text property stays a text."""

TEXTS_OF = {"ListEntry": ("authority",), "IdentityPaper": ("authority",), "Passport": ("authority",)}
"""Properties that only look like pointers: in these kinds they hold text."""

RENAMED = {
    "address": "address_text", "programId": "program", "summary": "description", "recordId": "reference",
    "swiftBic": "bic", "leiCode": "lei", "innCode": "tax_number", "ogrnCode": "registration_number",
    "mainCountry": "country", "abbreviation": "weak_alias", "secondName": "middle_name", "biography": "description",
    "accountNumber": "number", "bankName": "bank", "accountId": "number", "publicKey": "wallet_address",
    "cryptoAddress": "wallet_address", "currencySymbol": "currency", "creationDate": "created_at",
    "passportNumber": "number", "surname": "last_name", "givenName": "first_name", "caseNumber": "number",
    "fileDate": "opening_date", "closeDate": "closing_date", "imoNumber": "imo", "index": "page_number",
    "authorityId": "reference", "unscId": "reference", "location": "place", "sequenceNumber": "reference",
    "programme": "program", "contractDate": "date", "issueDate": "issue_date", "fileName": "file_name",
    "confidenceScore": "similarity", "relationship": "basis", "callId": "number", "publicationDate": "published_at",
    "authoredAt": "date", "messageId": "message_id", "to": "recipients_text", "from": "sender_text",
    "subject": "title", "zipCode": "postal_code",
}  # fmt: skip
"""Properties whose name here is not theirs in lower_snake case; taken where the kind has the property."""
RENAMED_OF = {
    "ListEntry": {"startDate": "listing_date", "program": "list_name", "name": "list_name"},
    "IdentityPaper": {"startDate": "issue_date", "endDate": "expiry_date", "type": "paper_type"},
    "Passport": {"startDate": "issue_date", "endDate": "expiry_date", "type": "paper_type"},
    "Case": {"type": "case_type", "category": "areas"},
    "Vessel": {"type": "conveyance_type"},
    "Aircraft": {"type": "conveyance_type"},
    "Vehicle": {"type": "conveyance_type"},
    "Communication": {"duration": "duration_seconds", "startDate": "date"},
    "MoneyTransfer": {"startDate": "date"},
    "Trip": {"startDate": "date"},
    "Event": {"startDate": "date"},
    "FAMILY_OF": {"relationship": "relation"},
}
"""The same for one kind, before RENAMED."""

IN_CURRENCY = {"amountEur": ("amount", "EUR")}
"""Amounts whose currency is in their name: taken as the amount when there is no other."""

LEFT_OUT = frozenset(
    {
        "indexText", "processingStatus", "processingError", "processingAgent", "processedAt", "alephUrl", "retrievedAt",
        "crawler", "generator", "encoding", "extension", "csvHash", "pdfHash", "columns", "rowCount", "bodyHtml",
        "headers", "ancestors", "translatedText", "translatedTextLanguage",
        "translatedLanguage", "detectedLanguage", "detectedCountry", "threadTopic", "samplingRate", "matcher",
    }
)  # fmt: skip
"""Properties that serve the program which made the file, or repeat others; left out without a word."""
