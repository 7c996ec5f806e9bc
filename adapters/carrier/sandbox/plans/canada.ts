import { areasOf } from "./areas.ts";

/** The area codes in service in Canada, by province. */
export const CANADA: Readonly<Record<string, string>> = areasOf(`
204 Winnipeg, Brandon
226 London, Windsor, Kitchener
236 Vancouver, Victoria
249 Sudbury, Barrie
250 Victoria, Kelowna, Prince George
263 Montréal=MONTREAL
273 Québec=QUEBEC, Lévis=LEVIS
289 Hamilton, Mississauga
306 Regina, Saskatoon
343 Ottawa, Kingston
354 Laval, Longueuil
368 Calgary, Edmonton
382/548 London, Windsor
403 Calgary, Lethbridge, Red Deer
416 Toronto, North York, Scarborough, Etobicoke
418 Québec=QUEBEC, Saguenay, Rimouski
428 Moncton, Fredericton
437/942 Toronto
450 Laval, Longueuil, Saint-Jérôme=ST JEROME
468 Gatineau, Sherbrooke
506 Moncton, Fredericton, Saint John
514 Montréal=MONTREAL, Pointe-Claire
581 Québec=QUEBEC, Saguenay
604 Vancouver, Surrey, Burnaby, Abbotsford
613 Ottawa, Kingston, Belleville
647 Toronto, North York
705 Sudbury, Barrie, Peterborough
709 St. John's, Corner Brook
778 Vancouver, Victoria, Kelowna
780 Edmonton, Fort McMurray
782 Halifax, Sydney
807 Thunder Bay, Kenora
819 Gatineau, Sherbrooke, Trois-Rivières=TROIS RIV
867 Whitehorse
902 Halifax, Sydney, Truro
905 Hamilton, Mississauga, Brampton, Markham
`);
