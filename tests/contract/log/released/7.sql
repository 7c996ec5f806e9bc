
  create index event_holding on ledgerline.event (organization, split_part(data, '"', 4), position)
    where starts_with(data, '{"holding":"');
  create index event_later_holding on ledgerline.event (organization, (
    regexp_replace(data, '\\u(0000|[dD][89a-fA-F][0-9a-fA-F]{2})', '\\u0001', 'g')::json ->> 'holding'
  ), position) where not starts_with(data, '{"holding":"') and position('"holding":' in data) > 0;
  create index event_beginning on ledgerline.event (
    substring(data from '"e164":"([^"]*)"'), organization, position
  ) where type in ('PurchaseRequested', 'NumberAdopted', 'NumberImported');
  