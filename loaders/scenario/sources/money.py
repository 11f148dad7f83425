"""Money: what banks know of their customers, what they report of payments, and what is reported of cash."""

from __future__ import annotations

from loaders.scenario.files import Origin, Row, Table
from loaders.scenario.sources.registers import firm_columns, party
from loaders.scenario.things import Account, Cash, Firm, Payment
from loaders.scenario.world import World


def money(world: World) -> tuple[Table, ...]:
    """Customer files, transfer reports and cash reports."""
    signatory = {account.number: person for person, account in world.signatories}
    accounts = [
        _account(account) | {"signatory": signatory[account.number].code if account.number in signatory else ""}
        for account in world.accounts.values()
    ]
    payments = sorted(world.payments, key=lambda payment: (payment.date, payment.number))
    cash = sorted(world.cash, key=lambda movement: (movement.date, movement.number))
    return (
        Table("accounts.csv", Origin("Bank customer files", "B1"), accounts),
        Table("transfers.csv", Origin("Transfer reports to the FIU", "A2"), [_payment(world, one) for one in payments]),
        Table("cash.csv", Origin("Currency reports", "A2"), [_cash(one) for one in cash]),
    )


def _account(account: Account) -> dict[str, str]:
    return {
        "account": account.number,
        "iban": account.number if account.is_iban else "",
        "bic": account.bank.bic,
        "bank": account.bank.name,
        "bank_country": account.bank.country.code,
        "currency": account.currency,
        "opened": account.opened,
        **party("holder", account.holder),
    }


def _end(prefix: str, account: Account) -> dict[str, str]:
    return {
        f"{prefix}_account": account.number,
        f"{prefix}_iban": account.number if account.is_iban else "",
        f"{prefix}_bic": account.bank.bic,
    }


def _payment(world: World, payment: Payment) -> Row:
    return {
        "number": payment.number,
        "date": payment.date,
        **_end("from", payment.payer),
        **_end("to", payment.payee),
        "amount": payment.amount,
        "currency": payment.currency,
        "amount_usd": world.atlas.in_usd(payment.amount, payment.currency),
        "purpose": payment.purpose,
        "invoice": payment.invoice,
    }


def _cash(cash: Cash) -> Row:
    receiver = cash.receiver if isinstance(cash.receiver, Firm) else None
    return {
        "number": cash.number,
        "date": cash.date,
        "report": "deposit" if cash.account else "border",
        "amount": cash.amount,
        "currency": cash.currency,
        "declared": "yes" if cash.declared else "no",
        "courier_person": cash.courier.code,
        "courier_name": cash.courier.name,
        "account": cash.account.number if cash.account else "",
        "from_port": cash.origin.locode,
        "to_port": cash.destination.locode if cash.destination else "",
        **firm_columns("receiver", receiver),
    }
