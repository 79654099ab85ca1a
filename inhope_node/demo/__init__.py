"""The demo: three hotlines and INTERPOL at work on one machine, checked item by item."""
