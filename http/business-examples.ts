/** A business as the documents' examples have it. */
export const BUSINESS = {
  businessProfile: {
    legalName: "Acme Inc.",
    displayName: "Acme",
    entityType: "corporation",
    country: "US",
    registrationId: "12-3456789",
    website: "https://acme.example",
    address: {
      street: "1 Main Street",
      city: "Austin",
      state: "TX",
      postalCode: "78701",
      country: "US",
    },
    useCase: "Calls back customers who ask for support.",
    expectedUsage: "100 calls a day",
  },
  authorizedRepresentative: {
    name: "Alice Johnson",
    title: "Managing director",
    email: "alice@example.com",
    phone: "+14155550100",
  },
};
