"""Bills and payments as trading partners send them: X12, UBL, and the XML of Factur-X and ZUGFeRD; each becomes rows."""
