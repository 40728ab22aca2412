package alimock;

class WaysTest {}
