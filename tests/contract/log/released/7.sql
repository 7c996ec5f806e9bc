
  create index event_holding on ledgerline.event (
    organization, left(split_part(split_part(data, '"holding":"', 2), '"', 1), 100), position
  ) where position('"holding":"' in data) > 0;
  create index event_beginning on ledgerline.event (
    left(split_part(split_part(data, '"e164":"', 2), '"', 1), 100), organization, position
  ) where type in ('PurchaseRequested', 'NumberAdopted', 'NumberImported');
  