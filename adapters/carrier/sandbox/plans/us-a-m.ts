import { areasOf } from "./areas.ts";

/**
 * The area codes in service in the states Alabama to Montana (NANPA's); `areas.ts` has the format.
 */
export const US_A_TO_M: Readonly<Record<string, string>> = areasOf(`
202 Washington=WSHNGTNZN1
203 Bridgeport, New Haven
205 Birmingham, Tuscaloosa
207 Portland, Bangor
208 Boise, Idaho Falls
209 Stockton, Modesto
213 Los Angeles=LSAN DA 01, Alhambra
217 Springfield, Champaign, Decatur
218 Duluth, Moorhead
219 Gary, Hammond
224 Evanston, Elgin
225 Baton Rouge
227 Silver Spring, Rockville
228 Gulfport, Biloxi
229 Albany, Valdosta
231 Muskegon, Traverse City
235 Jefferson City, Columbia
239 Fort Myers, Naples
248 Troy, Pontiac
251 Mobile
256 Huntsville, Gadsden
260 Fort Wayne
269 Kalamazoo, Battle Creek
270 Bowling Green, Owensboro
302 Wilmington, Dover
303 Denver, Boulder, Aurora
305 Miami, Key West
309 Peoria, Bloomington
310 Santa Monica=SNMN SNMN, Beverly Hills, Torrance, Inglewood
312 Chicago=CHICGOZN01, Near North, Loop
313 Detroit=DETROITZN1, Dearborn
314 St. Louis, Florissant
316 Wichita
317 Indianapolis, Carmel
318 Shreveport, Monroe
319 Cedar Rapids, Iowa City
320 St. Cloud
321 Melbourne, Orlando
324 Jacksonville, St. Augustine
327 Jonesboro, Pine Bluff
331 Aurora, Naperville
334 Montgomery, Auburn
337 Lafayette, Lake Charles
339 Lynn, Waltham
341 Oakland=OKLD MN-PD, Berkeley
351 Lowell, Lawrence
352 Gainesville, Ocala
386 Daytona Beach
404 Atlanta, Decatur
406 Billings, Missoula
407 Orlando, Kissimmee
408 San Jose=SNJS WEST, Sunnyvale, Santa Clara, Cupertino
410 Baltimore, Annapolis
413 Springfield, Pittsfield
415 San Francisco=SNFC CNTRL, San Rafael, Sausalito, Mill Valley, Novato
417 Springfield, Joplin
442 Oceanside, Palm Springs
448 Pensacola, Tallahassee
464 Cicero, Oak Lawn
478 Macon, Warner Robins
479 Fort Smith, Fayetteville
480 Scottsdale, Mesa
501 Little Rock
502 Louisville, Frankfort
504 New Orleans, Metairie
507 Rochester, Mankato
508 Worcester, New Bedford
510 Oakland=OKLD MN-PD, Berkeley, Fremont, Hayward, Richmond
515 Des Moines, Ames
517 Lansing, Jackson
520 Tucson
530 Redding, Chico
559 Fresno, Visalia
561 West Palm Beach, Boca Raton
562 Long Beach, Whittier
563 Davenport, Dubuque
573 Columbia, Jefferson City
574 South Bend, Elkhart
586 Warren, Sterling Heights
601 Jackson, Hattiesburg
602 Phoenix
606 Ashland, Pikeville
612 Minneapolis=TWINCITIES
616 Grand Rapids, Holland
617 Boston, Cambridge, Brookline, Quincy, Somerville
618 Belleville, Carbondale
619 San Diego=SNDG SNDG, Chula Vista
620 Hutchinson, Dodge City
623 Glendale, Peoria
626 Pasadena, Alhambra
628 San Francisco=SNFC CNTRL, San Rafael
636 St. Charles, O'Fallon
641 Mason City, Ottumwa
650 Palo Alto, San Mateo, Mountain View, Redwood City
651 St. Paul=TWINCITIES, Red Wing
656 Tampa, Plant City
657 Anaheim, Santa Ana
660 Sedalia, Kirksville
661 Bakersfield, Lancaster
662 Tupelo, Southaven
669 San Jose=SNJS WEST, Sunnyvale
707 Santa Rosa, Napa
712 Sioux City, Council Bluffs
719 Colorado Springs, Pueblo
720 Denver, Boulder
727 St. Petersburg, Clearwater
734 Ann Arbor, Livonia
747 Burbank, Glendale
748 Fort Collins, Grand Junction
754 Fort Lauderdale, Hollywood
762 Augusta, Athens
763 Brooklyn Park, Plymouth
765 Lafayette, Muncie
770 Marietta, Roswell
772 Port St. Lucie, Vero Beach
779 Rockford, Joliet
785 Topeka, Lawrence
805 Santa Barbara, Oxnard
808 Honolulu, Hilo
810 Flint, Port Huron
812 Evansville, Bloomington
816 Kansas City, Independence
831 Salinas, Santa Cruz
840 San Bernardino, Ontario
850 Tallahassee, Pensacola
859 Lexington, Covington
860 Hartford, New London
863 Lakeland, Sebring
906 Marquette, Sault Ste. Marie
907 Anchorage, Fairbanks, Juneau
912 Savannah, Brunswick
913 Kansas City, Overland Park
916 Sacramento=SCRM MAIN, Roseville
925 Concord, Walnut Creek, Livermore
928 Flagstaff, Yuma
941 Sarasota, Bradenton
949 Irvine, Newport Beach
951 Riverside, Corona
952 Bloomington, Eden Prairie
985 Houma, Slidell
989 Saginaw, Midland
`);
