"""Trade: customs declarations with their consignments, and invoices from production orders."""

from __future__ import annotations

from loaders.scenario.files import Origin, Row, Table
from loaders.scenario.sources.registers import firm_columns
from loaders.scenario.things import Bill, Consignment
from loaders.scenario.world import World


def trade_papers(world: World) -> tuple[Table, ...]:
    """Declarations first: invoices refer to their consignments."""
    sent = sorted(world.consignments, key=lambda one: (one.date, one.ucr))
    bills = sorted(world.bills, key=lambda bill: (bill.date, bill.number))
    return (
        Table("declarations.csv", Origin("Customs declarations", "A2"), [_declaration(one) for one in sent]),
        Table("invoices.csv", Origin("Invoices from production orders", "B2"), [_bill(bill) for bill in bills]),
    )


def _declaration(sent: Consignment) -> Row:
    return {
        "declaration": sent.declaration,
        "date": sent.date.replace("-", ""),
        "procedure": sent.procedure,
        "ucr": sent.ucr,
        "transport_document": sent.bill,
        **firm_columns("exporter", sent.shipper),
        **firm_columns("importer", sent.consignee),
        **firm_columns("notify", sent.notify),
        **firm_columns("forwarder", sent.forwarder),
        "mode": "sea" if sent.ship else "air",
        "vessel_imo": sent.ship.imo if sent.ship else "",
        "vessel": sent.ship.name if sent.ship else "",
        "container": sent.box,
        "loading": sent.loading.locode,
        "discharge": sent.discharge.locode,
        "destination": sent.destination.code,
        "arrived": sent.arrival.replace("-", ""),
        "hs_code": sent.goods.hs,
        "goods": sent.goods.description,
        "quantity": str(sent.quantity),
        "value": sent.amount,
        "currency": sent.currency,
        "gross_kg": str(sent.gross_kg),
        "verified_kg": str(sent.verified_kg),
        "status": "" if sent.arrival else "no arrival recorded",
    }


def _bill(bill: Bill) -> Row:
    return {
        "invoice": bill.number,
        "date": bill.date,
        **firm_columns("seller", bill.seller),
        **firm_columns("buyer", bill.buyer),
        "amount": bill.amount,
        "currency": bill.currency,
        "text": bill.text,
        "ucr": bill.consignment.ucr if bill.consignment else "",
    }
