"""Adobe: IMS, Flow Service, Data Prep, Catalog, Schema Registry and the inlet."""
