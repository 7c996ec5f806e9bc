import { areasOf } from "./areas.ts";

/**
 * The area codes in service in the states Alabama to Montana (NANPA's); `areas.ts` has the format.
 */
export const US_A_TO_M: Readonly<Record<string, string>> = areasOf(`
AL
205/659 Birmingham, Tuscaloosa
251 Mobile
256 Huntsville, Gadsden
334 Montgomery, Auburn
938 Huntsville, Florence
AK
907 Anchorage, Fairbanks, Juneau
AZ
480 Scottsdale, Mesa
520 Tucson
602 Phoenix
623 Glendale, Peoria
928 Flagstaff, Yuma
AR
327 Jonesboro, Pine Bluff
479 Fort Smith, Fayetteville
501 Little Rock=LITTLEROCK
870 Jonesboro, Texarkana
CA
209/350 Stockton, Modesto
213 Los Angeles=LSAN DA 01, Alhambra
279 Sacramento=SCRM MAIN
310 Santa Monica=SNMN SNMN, Beverly Hills, Torrance, Inglewood
323 Los Angeles=LSAN DA 04, Hollywood
341 Oakland=OKLD MN-PD, Berkeley
357/559 Fresno, Visalia
369 Santa Rosa, Napa
408 San Jose=SNJS WEST, Sunnyvale, Santa Clara, Cupertino
415 San Francisco=SNFC CNTRL, San Rafael, Sausalito, Mill Valley, Novato
424 Santa Monica=SNMN SNMN, Torrance
442 Oceanside, Palm Springs
510 Oakland=OKLD MN-PD, Berkeley, Fremont, Hayward, Richmond
530 Redding, Chico
562 Long Beach, Whittier
619 San Diego=SNDG SNDG, Chula Vista
626 Pasadena, Alhambra
628 San Francisco=SNFC CNTRL, San Rafael
650 Palo Alto, San Mateo, Mountain View, Redwood City
657 Anaheim, Santa Ana
661 Bakersfield, Lancaster
669 San Jose=SNJS WEST, Sunnyvale
707 Santa Rosa, Napa
714 Anaheim, Santa Ana
738 Los Angeles=LSAN DA 01, Hollywood
747 Burbank, Glendale
760 Oceanside, Palm Springs
805 Santa Barbara, Oxnard
818 Burbank, Glendale
820 Santa Barbara, Oxnard
831 Salinas, Santa Cruz
837 Redding, Chico
840 San Bernardino, Ontario
858 San Diego=SNDG SNDG, La Jolla
909 San Bernardino, Ontario
916 Sacramento=SCRM MAIN, Roseville
925 Concord, Walnut Creek, Livermore
949 Irvine, Newport Beach
951 Riverside, Corona
CO
303 Denver, Boulder, Aurora
719 Colorado Springs=COLORDOSPG, Pueblo
720/983 Denver, Boulder
748 Fort Collins, Grand Junction
970 Fort Collins, Grand Junction
CT
203 Bridgeport, New Haven
475 Bridgeport, New Haven
860/959 Hartford, New London
DE
302 Wilmington, Dover
DC
202/771 Washington=WSHNGTNZN1
FL
239 Fort Myers, Naples
305 Miami, Key West
321 Melbourne, Orlando
324/904 Jacksonville=JCKSNVILLE, St. Augustine
352 Gainesville, Ocala
386 Daytona Beach
407/689 Orlando, Kissimmee
448 Pensacola, Tallahassee
561/728 West Palm Beach=W PALM BCH, Boca Raton
645 Miami, Hialeah
656/813 Tampa, Plant City
727 St. Petersburg=ST PTRSBG, Clearwater
754 Fort Lauderdale=FTLAUDERDL, Hollywood
772 Port St. Lucie, Vero Beach
786 Miami, Hialeah
850 Tallahassee, Pensacola
863 Lakeland, Sebring
941 Sarasota, Bradenton
954 Fort Lauderdale=FTLAUDERDL, Hollywood
GA
229 Albany, Valdosta
404 Atlanta, Decatur
470/678/943 Atlanta, Marietta
478 Macon, Warner Robins
706 Augusta, Athens
762 Augusta, Athens
770 Marietta, Roswell
912 Savannah, Brunswick
HI
808 Honolulu, Hilo
ID
208 Boise, Idaho Falls
986 Boise, Idaho Falls
IL
217 Springfield, Champaign, Decatur
224 Evanston, Elgin
309 Peoria, Bloomington
312 Chicago=CHICGOZN01, Near North, Loop
331 Aurora, Naperville
447 Springfield, Champaign
464 Cicero, Oak Lawn
618/730 Belleville, Carbondale
630 Aurora, Naperville
708 Cicero, Oak Lawn
773 Chicago=CHICGOZN08, Lake View
779 Rockford, Joliet
815 Rockford, Joliet
847 Evanston, Elgin
861 Peoria, Bloomington
872 Chicago=CHICGOZN02
IN
219 Gary, Hammond
260 Fort Wayne
317/463 Indianapolis=INDIANAPLS, Carmel
574 South Bend, Elkhart
765 Lafayette, Muncie
812 Evansville, Bloomington
930 Evansville, Bloomington
IA
319 Cedar Rapids, Iowa City
515 Des Moines, Ames
563 Davenport, Dubuque
641 Mason City, Ottumwa
712 Sioux City, Council Bluffs
KS
316 Wichita
620 Hutchinson, Dodge City
785 Topeka, Lawrence
913 Kansas City, Overland Park
KY
270 Bowling Green, Owensboro
364 Bowling Green, Owensboro
502 Louisville, Frankfort
606 Ashland, Pikeville
859 Lexington, Covington
LA
225 Baton Rouge
318 Shreveport, Monroe
337 Lafayette, Lake Charles
504 New Orleans=NEWORLEANS, Metairie
985 Houma, Slidell
ME
207 Portland, Bangor
MD
227 Silver Spring, Rockville
240 Silver Spring, Rockville
301 Silver Spring, Rockville
410/443/667 Baltimore, Annapolis
MA
339 Lynn, Waltham
351 Lowell, Lawrence
413 Springfield, Pittsfield
508 Worcester, New Bedford
617 Boston, Cambridge, Brookline, Quincy, Somerville
774 Worcester, New Bedford
781 Lynn, Waltham
857 Boston, Cambridge
978 Lowell, Lawrence
MI
231 Muskegon, Traverse City
248 Troy, Pontiac
269 Kalamazoo, Battle Creek
313/679 Detroit=DETROITZN1, Dearborn
517 Lansing, Jackson
586 Warren, Sterling Heights
616 Grand Rapids=GRANDRAPDS, Holland
734 Ann Arbor, Livonia
810 Flint, Port Huron
906 Marquette, Sault Ste. Marie
947 Troy, Pontiac
989 Saginaw, Midland
MN
218 Duluth, Moorhead
320 St. Cloud
507/924 Rochester, Mankato
612 Minneapolis=TWINCITIES
651 St. Paul=TWINCITIES, Red Wing
763 Brooklyn Park, Plymouth
952 Bloomington, Eden Prairie
MS
228 Gulfport, Biloxi
601/769 Jackson, Hattiesburg
662 Tupelo, Southaven
MO
235 Jefferson City, Columbia
314/557 St. Louis=SAINTLOUIS, Florissant
417 Springfield, Joplin
573 Columbia, Jefferson City
636 St. Charles, O'Fallon
660 Sedalia, Kirksville
816/975 Kansas City=KANSASCITY, Independence
MT
406 Billings, Missoula
`);
