import { areasOf } from "./areas.ts";

/** The area codes in service in Canada, by province. */
export const CANADA: Readonly<Record<string, string>> = areasOf(`
AB
368/587/825 Calgary, Edmonton
403 Calgary, Lethbridge, Red Deer
780 Edmonton, Fort McMurray
BC
236/257/672 Vancouver, Victoria
250 Victoria, Kelowna, Prince George
604 Vancouver, Surrey, Burnaby, Abbotsford
778 Vancouver, Victoria, Kelowna
MB
204/431/584 Winnipeg, Brandon
NB
428 Moncton, Fredericton
506 Moncton, Fredericton, Saint John
NL
709/879 St. John's, Corner Brook
NS
782 Halifax, Sydney
902 Halifax, Sydney, Truro
ON
226/519 London, Windsor, Kitchener
249/683 Sudbury, Barrie
289/365/742 Hamilton, Mississauga
343/753 Ottawa, Kingston
382/548 London, Windsor
416 Toronto, North York, Scarborough, Etobicoke
437/942 Toronto
613 Ottawa, Kingston, Belleville
647 Toronto, North York
705 Sudbury, Barrie, Peterborough
807 Thunder Bay, Kenora
905 Hamilton, Mississauga, Brampton, Markham
QC
263/438 Montréal=MONTREAL
273/367 Québec=QUEBEC, Lévis=LEVIS
354/579 Laval, Longueuil
418 Québec=QUEBEC, Saguenay, Rimouski
450 Laval, Longueuil, Saint-Jérôme=ST JEROME
468/873 Gatineau, Sherbrooke
514 Montréal=MONTREAL, Pointe-Claire
581 Québec=QUEBEC, Saguenay
819 Gatineau, Sherbrooke, Trois-Rivières=TROIS RIV
SK
306/474/639 Regina, Saskatoon
YT
867 Whitehorse
`);
