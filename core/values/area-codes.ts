/** Which area codes of North America are near one another (NANPA and CNA, codes in service). */

/**
 * Each state and province with its area codes. Those that serve the same places (overlays) are
 * joined by `/`; the others form a sequence in which neighbours on the map are neighbours as far as
 * possible.
 */
const STATES = `
  AL 251 334 205/659 256/938; AK 907; AZ 928 602 623 480 520; AR 479 501 327/870
  CA 530/837 707/369 916/279 209/350 925 510/341 415/628 650 408/669 831 559/357 661 805/820
     747/818 213/323/738 310/424 562 626 840/909 951 657/714 949 442/760 619/858
  CO 748/970 303/720/983 719; CT 203/475 860/959; DC 202/771; DE 302
  FL 448 850 352 324/904 386 407/689 321 863 656/813 727 941 239 772 561/728 754/954 305/645/786
  GA 762/706 770 404/470/678/943 478 229 912; HI 808; ID 208/986
  IL 779/815 224/847 312/773/872 464/708 331/630 309/861 217/447 618/730
  IN 219 574 260 765 317/463 812/930; IA 712 515 641 319 563; KS 620 316 785 913
  KY 270/364 502 859 606; LA 318 337 225 985 504; ME 207; MD 410/443/667 227/240/301
  MA 413 508/774 351/978 339/781 617/857
  MI 906 231 989 616 269 517 810 586 248/947 313/679 734
  MN 218 320 763 612 651 952 507/924; MS 662 601/769 228; MO 816/975 660 573 235 417 636 314/557
  MT 406; NE 308 402/531; NV 702/725 775; NH 603
  NJ 862/973 201/551 908 732/848 609/640 856; NM 505 575
  NY 624/716 585 315/680 607 518/838 329/845 914 212/332/646/917 347/718/929 363/516 631/934
  NC 828 704/980 336/743 919/984 472/910 252; ND 701
  OH 419/567 436/440 216 234/330 220/740 380/614 326/937 283/513
  OK 580 405/572 539/918; OR 458/541 503/971
  PA 582/814 412/878 724 223/717 272/570 484/610/835 215/267/445; RI 401
  SC 821/864 803/839 843/854; SD 605; TN 423/729 865 931 615/629 731 901
  TX 915 432 806 325 940 682/817 214/469/945/972 430/903 254 512/737 830 210/726 956 361 979
     281/346/621/713/832 936 409
  UT 435 385/801; VT 802; VA 276 540/826 434 571/703 686/804 757/948
  WA 509 206 425 253 360/564; WV 304/681; WI 534/715 274/920 353/608 414 262; WY 307
  AB 780 368/587/825 403; BC 250 236/257/604/672/778; MB 204/431/584; NB 428/506; NL 709/879
  NS 782/902; ON 807 249/683/705 226/382/519/548 289/365/742/905 416/437/647/942 343/613/753
  QC 468/819/873 263/438/514 354/450/579 273/367/418/581; SK 306/474/639; YT 867
`;

/** Those of them that are in Canada. */
const PROVINCES = ["AB", "BC", "MB", "NB", "NL", "NS", "ON", "QC", "SK", "YT"];

/** The latest first: they have most numbers left. */
const TOLL_FREE = ["833", "844", "855", "866", "877", "888", "800"];

type Row = readonly (readonly string[])[];

export const AREA_CODES: ReadonlyMap<string, Row> = new Map(
  STATES.trim().split(/;|\n(?= {2}[A-Z])/).map((entry) => {
    const [state = "", ...groups] = entry.trim().split(/\s+/);
    return [state, groups.map((group) => group.split("/"))];
  }),
);

/**
 * The state or province of an area code (two letters); null where it is in none that is known here.
 */
export const stateOfAreaCode = (areaCode: string): string | null => {
  for (const [state, row] of AREA_CODES) if (row.flat().includes(areaCode)) return state;
  return null;
};

/**
 * The area codes to look in where this one has nothing left, the nearest first: those that serve
 * the same places, then the others of its state or province; for a toll-free one the other
 * toll-free codes. Empty for a code that is in no list here, or has no such numbers in that
 * country.
 */
export const nearbyAreaCodes = (
  areaCode: string,
  { country, isTollFree }: { readonly country: string; readonly isTollFree: boolean },
): readonly string[] => {
  if (isTollFree) {
    return TOLL_FREE.includes(areaCode) ? TOLL_FREE.filter((other) => other !== areaCode) : [];
  }
  for (const [state, row] of AREA_CODES) {
    if (country !== (PROVINCES.includes(state) ? "CA" : "US")) continue;
    const place = row.findIndex((group) => group.includes(areaCode));
    if (place < 0) continue;
    const distances = row.map((group, other) => ({ group, distance: Math.abs(other - place) }));
    return distances.sort((one, other) => one.distance - other.distance)
      .flatMap(({ group }) => group)
      .filter((other) => other !== areaCode);
  }
  return [];
};
