import { areasOf } from "./areas.ts";

/** The area codes in service in Canada, by province. */
export const CANADA: Readonly<Record<string, string>> = areasOf(`
204 Winnipeg, Brandon
226 London, Windsor, Kitchener
250 Victoria, Kelowna, Prince George
306 Regina, Saskatoon
368 Calgary, Edmonton
403 Calgary, Lethbridge, Red Deer
416 Toronto, North York, Scarborough, Etobicoke
418 Québec=QUEBEC, Saguenay, Rimouski
450 Laval, Longueuil, Saint-Jérôme=ST JEROME
506 Moncton, Fredericton, Saint John
514 Montréal=MONTREAL, Pointe-Claire
604 Vancouver, Surrey, Burnaby, Abbotsford
613 Ottawa, Kingston, Belleville
705 Sudbury, Barrie, Peterborough
709 St. John's, Corner Brook
780 Edmonton, Fort McMurray
807 Thunder Bay, Kenora
819 Gatineau, Sherbrooke, Trois-Rivières=TROIS RIV
867 Whitehorse
902 Halifax, Sydney, Truro
905 Hamilton, Mississauga, Brampton, Markham
`);
