"""What the board works on: themes, proposed and then agreed by an agreement."""
