"""The attack: study, plan, confirmation, certificate."""
