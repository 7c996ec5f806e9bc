/** Which addresses webhooks may be sent to: global unicast, and nothing else. */
import ipaddr from "ipaddr.js";

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/**
 * Services of a cloud for its own machines at addresses that are otherwise public: Azure's. Those
 * of others are in ranges that are refused (169.254.169.254, fd00:ec2::254, 100.100.100.200).
 */
const OF_CLOUDS = ["168.63.129.16"];

/** What is assigned of IPv6 (RFC 4291, 2.4): mapped, compatible and private ones are outside. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR("2000::/3");

/**
 * Where DNS64 puts IPv4 addresses on networks without IPv4 (RFC 6052); nothing else is embedded
 * there. Other embeddings (6to4, Teredo, mapped addresses) are refused whatever is in them.
 */
const NAT64 = ipaddr.IPv6.parseCIDR("64:ff9b::/96");

const isPublicIpv4 = (address: ipaddr.IPv4): boolean =>
  address.range() === "unicast" && !OF_CLOUDS.includes(address.toString());

/** The address, where the text is one in its usual form. */
const parsed = (text: string): Address | null => {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  return ipaddr.IPv6.isValid(text) ? ipaddr.IPv6.parse(text) : null;
};

const isIpv4 = (address: Address): address is ipaddr.IPv4 => address.kind() === "ipv4";

/** Whether a text is an IP address: four decimal parts, or IPv6 without brackets. */
export const isAddress = (text: string): boolean => parsed(text) !== null;

/**
 * Whether an IP address is public: reachable from anywhere, and not of this machine, its network,
 * its cloud, or a range with a special purpose (IANA's registries for RFC 6890). One that cannot be
 * read, or has a zone, is not.
 */
export const isPublicAddress = (text: string): boolean => {
  const address = parsed(text);
  if (address === null || text.includes("%")) return false;
  if (isIpv4(address)) return isPublicIpv4(address);
  if (address.match(NAT64)) return isPublicIpv4(new ipaddr.IPv4(address.toByteArray().slice(12)));
  return address.match(GLOBAL_UNICAST) && address.range() === "unicast";
};
