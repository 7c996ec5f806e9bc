import { areasOf } from "./areas.ts";

/** The area codes in service in the states Nebraska to Wyoming (NANPA's). */
export const US_N_TO_W: Readonly<Record<string, string>> = areasOf(`
201 Jersey City, Hackensack, Hoboken
206 Seattle, Bainbridge Island
210 San Antonio
212 New York=NWYRCYZN01, Manhattan, Harlem
215 Philadelphia
216 Cleveland
220 Newark, Zanesville
234 Akron, Youngstown
252 Greenville, Rocky Mount
253 Tacoma, Kent
254 Waco, Killeen
262 Kenosha, Racine, Waukesha
272 Scranton, Wilkes-Barre
276 Martinsville, Bristol
283 Cincinnati, Hamilton
304 Charleston, Huntington
307 Cheyenne, Casper
308 Grand Island, North Platte
315 Syracuse, Utica
325 Abilene, San Angelo
326 Dayton, Springfield
332/646 New York=NWYRCYZN01, Manhattan
336 Greensboro, Winston-Salem
621 Houston, Sugar Land
347 Brooklyn, Queens
353 Madison, La Crosse
360 Olympia, Vancouver
361 Corpus Christi, Victoria
380 Columbus, Dublin
401 Providence, Newport, Warwick
402 Omaha, Lincoln
405 Oklahoma City, Norman
409 Beaumont, Galveston
414 Milwaukee
419 Toledo, Mansfield
423 Chattanooga, Johnson City
425 Bellevue, Everett
432 Midland, Odessa
434 Lynchburg, Charlottesville
435 St. George, Logan
436 Lorain, Elyria
458 Eugene, Medford
472 Fayetteville, Wilmington
503 Portland, Salem, Beaverton
505 Albuquerque, Santa Fe
509 Spokane, Yakima
512 Austin, Round Rock, San Marcos
516 Hempstead, Levittown
518 Albany, Schenectady
534 Eau Claire, Wausau
539 Tulsa, Broken Arrow
540 Roanoke, Fredericksburg
575 Las Cruces, Roswell
580 Lawton, Enid
585 Rochester, Batavia
603 Manchester, Nashua
605 Sioux Falls, Rapid City
607 Binghamton, Elmira
609 Trenton, Atlantic City
610 Allentown, Reading
615 Nashville, Murfreesboro
624 Buffalo, Niagara Falls
631 Huntington, Islip
682 Fort Worth, Arlington
686 Richmond, Petersburg
701 Fargo, Bismarck
702 Las Vegas, Henderson
703 Arlington, Alexandria
704 Charlotte, Gastonia
717 Harrisburg, Lancaster, York
724 Greensburg, New Castle
731 Jackson
732 New Brunswick, Toms River
757 Norfolk, Virginia Beach
775 Reno, Carson City
801 Salt Lake City, Ogden
802 Burlington, Montpelier
803 Columbia, Rock Hill
806 Lubbock, Amarillo
814 Erie, Altoona
821 Greenville, Spartanburg
828 Asheville, Hickory
830 New Braunfels, Del Rio
843 Charleston, Myrtle Beach
845 Poughkeepsie, Middletown
856 Camden, Cherry Hill
865 Knoxville, Oak Ridge
878 Pittsburgh, Greensburg
901 Memphis
903 Tyler, Longview
908 Elizabeth, Plainfield
914 Yonkers, White Plains
915 El Paso
917 New York=NWYRCYZN01, Brooklyn, Queens
919 Raleigh, Durham
920 Green Bay, Appleton
931 Clarksville, Columbia
936 Conroe, Huntsville
940 Wichita Falls, Denton
956 Laredo, Brownsville
972 Dallas, Plano
973 Newark, Paterson
979 Bryan, College Station
`);
