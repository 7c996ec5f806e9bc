import { areasOf } from "./areas.ts";

/** The area codes in service in the states Nebraska to Wyoming (NANPA's). */
export const US_N_TO_W: Readonly<Record<string, string>> = areasOf(`
NE
308 Grand Island, North Platte
402/531 Omaha, Lincoln
NV
702/725 Las Vegas, Henderson
775 Reno, Carson City
NH
603 Manchester, Nashua, Concord
NJ
201 Jersey City, Hackensack, Hoboken
551 Jersey City, Hackensack
609 Trenton, Atlantic City, Princeton
640 Trenton, Atlantic City
732 New Brunswick, Toms River, Edison
848 New Brunswick, Toms River
856 Camden, Cherry Hill
862 Newark, Paterson
908 Elizabeth, Plainfield
973 Newark, Paterson, Morristown
NM
505 Albuquerque=ALBUQUERQE, Santa Fe
575 Las Cruces, Roswell
NY
212 New York=NWYRCYZN01, Manhattan, Harlem
315 Syracuse, Utica, Watertown
329 Poughkeepsie, Middletown
332/646 New York=NWYRCYZN01, Manhattan
347/718 Brooklyn, Queens, Bronx, Staten Island
363 Hempstead, Levittown
516 Hempstead, Levittown, Garden City
518/838 Albany, Schenectady
585 Rochester, Batavia
607 Binghamton, Elmira, Ithaca
624 Buffalo, Niagara Falls
631 Huntington, Islip, Riverhead
680 Syracuse, Utica
716 Buffalo, Niagara Falls, Jamestown
845 Poughkeepsie, Middletown, Nyack
914 Yonkers, White Plains, New Rochelle
917 New York=NWYRCYZN01, Brooklyn, Queens
929 Brooklyn, Queens, Bronx
934 Huntington, Islip
NC
252 Greenville, Rocky Mount
336/743 Greensboro, Winston-Salem
472/910 Fayetteville, Wilmington
704/980 Charlotte, Gastonia
828 Asheville, Hickory
919 Raleigh, Durham, Chapel Hill, Cary
984 Raleigh, Durham
ND
701 Fargo, Bismarck, Grand Forks
OH
216 Cleveland
220/740 Newark, Zanesville
234 Akron, Youngstown
283/513 Cincinnati, Hamilton
326/937 Dayton, Springfield
330 Akron, Youngstown, Canton
380/614 Columbus, Dublin
419 Toledo, Mansfield, Lima
436 Lorain, Elyria
440 Lorain, Elyria, Parma
567 Toledo, Mansfield
OK
405/572 Oklahoma City=OKLA CITY, Norman
539/918 Tulsa, Broken Arrow
580 Lawton, Enid
OR
458/541 Eugene, Medford, Bend
503 Portland, Salem, Beaverton
971 Portland, Salem
PA
215/267/445 Philadelphia=PHLADLPHIA
223 Harrisburg, Lancaster
272/570 Scranton, Wilkes-Barre
412 Pittsburgh
484/835 Allentown, Reading
582 Erie, Altoona
610 Allentown, Reading, Bethlehem
717 Harrisburg, Lancaster, York
724 Greensburg, New Castle
814 Erie, Altoona, State College
878 Pittsburgh, Greensburg
RI
401 Providence, Newport, Warwick
SC
803/839 Columbia, Rock Hill
821/864 Greenville, Spartanburg
843/854 Charleston, Myrtle Beach
SD
605 Sioux Falls, Rapid City
TN
423/729 Chattanooga=CHATTNOOGA, Johnson City
615/629 Nashville, Murfreesboro
731 Jackson
865 Knoxville, Oak Ridge
901 Memphis
931 Clarksville, Columbia
TX
210/726 San Antonio=SANANTONIO
214 Dallas, Irving
254 Waco, Killeen
281 Houston, Sugar Land, Baytown
325 Abilene, San Angelo
346/621 Houston, Sugar Land
361 Corpus Christi=CORPUSCHRS, Victoria
409 Beaumont, Galveston
430 Tyler, Longview
432 Midland, Odessa
469/945 Dallas, Plano
512 Austin, Round Rock, San Marcos
682/817 Fort Worth, Arlington
713 Houston, Pasadena, Bellaire
737 Austin, Round Rock
806 Lubbock, Amarillo
830 New Braunfels, Del Rio
832 Houston, Pasadena
903 Tyler, Longview, Texarkana
915 El Paso
936 Conroe, Huntsville
940 Wichita Falls, Denton
956 Laredo, Brownsville, McAllen
972 Dallas, Plano, Garland
979 Bryan, College Station
UT
385 Salt Lake City=SALT LAKE, Ogden
435 St. George, Logan
801 Salt Lake City=SALT LAKE, Ogden, Provo
VT
802 Burlington, Montpelier
VA
276 Martinsville, Bristol
434 Lynchburg, Charlottesville
540/826 Roanoke, Fredericksburg
571 Arlington, Alexandria
686/804 Richmond, Petersburg
703 Arlington, Alexandria, Fairfax
757 Norfolk, Virginia Beach, Newport News
948 Norfolk, Virginia Beach
WA
206 Seattle, Bainbridge Island
253 Tacoma, Kent
360 Olympia, Vancouver, Bellingham
425 Bellevue, Everett, Redmond
509 Spokane, Yakima
564 Olympia, Vancouver
WV
304 Charleston, Huntington, Morgantown
681 Charleston, Huntington
WI
262 Kenosha, Racine, Waukesha
274 Green Bay, Appleton
353 Madison, La Crosse
414 Milwaukee
534/715 Eau Claire, Wausau
608 Madison, La Crosse, Janesville
920 Green Bay, Appleton, Oshkosh
WY
307 Cheyenne, Casper, Laramie
`);
