"""What happens if: a scenario's actions on the open and expected bills, day by day to a horizon."""
