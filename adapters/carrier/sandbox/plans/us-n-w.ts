import { areasOf } from "./areas.ts";

/** The area codes in service in the states Nebraska to Wyoming (NANPA's). */
export const US_N_TO_W: Readonly<Record<string, string>> = areasOf(`
201 Jersey City, Hackensack, Hoboken
206 Seattle, Bainbridge Island
210 San Antonio=SANANTONIO
212 New York=NWYRCYZN01, Manhattan, Harlem
214 Dallas, Irving
215 Philadelphia=PHLADLPHIA
216 Cleveland
220 Newark, Zanesville
223 Harrisburg, Lancaster
234 Akron, Youngstown
252 Greenville, Rocky Mount
253 Tacoma, Kent
254 Waco, Killeen
262 Kenosha, Racine, Waukesha
272 Scranton, Wilkes-Barre
274 Green Bay, Appleton
276 Martinsville, Bristol
281 Houston, Sugar Land, Baytown
283 Cincinnati, Hamilton
304 Charleston, Huntington, Morgantown
307 Cheyenne, Casper, Laramie
308 Grand Island, North Platte
315 Syracuse, Utica, Watertown
325 Abilene, San Angelo
326 Dayton, Springfield
329 Poughkeepsie, Middletown
330 Akron, Youngstown, Canton
332/646 New York=NWYRCYZN01, Manhattan
336 Greensboro, Winston-Salem
346/621 Houston, Sugar Land
347 Brooklyn, Queens, Bronx, Staten Island
353 Madison, La Crosse
360 Olympia, Vancouver, Bellingham
361 Corpus Christi=CORPUSCHRS, Victoria
363 Hempstead, Levittown
380 Columbus, Dublin
385 Salt Lake City=SALT LAKE, Ogden
401 Providence, Newport, Warwick
402 Omaha, Lincoln
405 Oklahoma City=OKLA CITY, Norman
409 Beaumont, Galveston
412 Pittsburgh
414 Milwaukee
419 Toledo, Mansfield, Lima
423 Chattanooga=CHATTNOOGA, Johnson City
425 Bellevue, Everett, Redmond
430 Tyler, Longview
432 Midland, Odessa
434 Lynchburg, Charlottesville
435 St. George, Logan
436 Lorain, Elyria
440 Lorain, Elyria, Parma
458 Eugene, Medford, Bend
469/945 Dallas, Plano
472 Fayetteville, Wilmington
484 Allentown, Reading
503 Portland, Salem, Beaverton
505 Albuquerque=ALBUQUERQE, Santa Fe
509 Spokane, Yakima
512 Austin, Round Rock, San Marcos
516 Hempstead, Levittown, Garden City
518 Albany, Schenectady
534 Eau Claire, Wausau
539 Tulsa, Broken Arrow
540 Roanoke, Fredericksburg
551 Jersey City, Hackensack
564 Olympia, Vancouver
567 Toledo, Mansfield
571 Arlington, Alexandria
575 Las Cruces, Roswell
580 Lawton, Enid
582 Erie, Altoona
585 Rochester, Batavia
603 Manchester, Nashua, Concord
605 Sioux Falls, Rapid City
607 Binghamton, Elmira, Ithaca
608 Madison, La Crosse, Janesville
609 Trenton, Atlantic City, Princeton
610 Allentown, Reading, Bethlehem
615 Nashville, Murfreesboro
624 Buffalo, Niagara Falls
631 Huntington, Islip, Riverhead
640 Trenton, Atlantic City
680 Syracuse, Utica
681 Charleston, Huntington
682 Fort Worth, Arlington
686 Richmond, Petersburg
701 Fargo, Bismarck, Grand Forks
702 Las Vegas, Henderson
703 Arlington, Alexandria, Fairfax
704 Charlotte, Gastonia
713 Houston, Pasadena, Bellaire
716 Buffalo, Niagara Falls, Jamestown
717 Harrisburg, Lancaster, York
724 Greensburg, New Castle
731 Jackson
732 New Brunswick, Toms River, Edison
737 Austin, Round Rock
757 Norfolk, Virginia Beach, Newport News
775 Reno, Carson City
801 Salt Lake City=SALT LAKE, Ogden, Provo
802 Burlington, Montpelier
803 Columbia, Rock Hill
806 Lubbock, Amarillo
814 Erie, Altoona, State College
821 Greenville, Spartanburg
828 Asheville, Hickory
830 New Braunfels, Del Rio
832 Houston, Pasadena
843 Charleston, Myrtle Beach
845 Poughkeepsie, Middletown, Nyack
848 New Brunswick, Toms River
856 Camden, Cherry Hill
862 Newark, Paterson
865 Knoxville, Oak Ridge
878 Pittsburgh, Greensburg
901 Memphis
903 Tyler, Longview, Texarkana
908 Elizabeth, Plainfield
914 Yonkers, White Plains, New Rochelle
915 El Paso
917 New York=NWYRCYZN01, Brooklyn, Queens
919 Raleigh, Durham, Chapel Hill, Cary
920 Green Bay, Appleton, Oshkosh
929 Brooklyn, Queens, Bronx
931 Clarksville, Columbia
934 Huntington, Islip
936 Conroe, Huntsville
940 Wichita Falls, Denton
948 Norfolk, Virginia Beach
956 Laredo, Brownsville, McAllen
971 Portland, Salem
972 Dallas, Plano, Garland
973 Newark, Paterson, Morristown
979 Bryan, College Station
984 Raleigh, Durham
`);
