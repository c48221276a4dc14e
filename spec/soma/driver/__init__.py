"""The execution driver: it takes ready certificates, and runs a bounded number of tasks."""
