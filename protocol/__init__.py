"""What nodes say to each other: values in, values out. No file, socket, clock or thread."""

MARK = "inhope-exchange/1"
