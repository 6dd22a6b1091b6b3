@echo off
rem Runs patronstream on Windows.
rem PATRONSTREAM_JAVA_OPTS adds options to the Java virtual machine (default heap: 1 GiB).
setlocal

for %%I in ("%~dp0..") do set "installed=%%~fI"

rem The Java that came with the download, else that of JAVA_HOME, else that of the PATH.
set "java=%installed%\runtime\bin\java.exe"
if exist "%java%" goto found
if not defined JAVA_HOME goto on_path
set "java=%JAVA_HOME%\bin\java.exe"
if exist "%java%" goto found
echo patronstream: JAVA_HOME is %JAVA_HOME%, but there is no bin\java.exe in it. Correct it, or unset it.>&2
exit /b 2

:on_path
set "java=java.exe"
where /q java.exe
if not errorlevel 1 goto found
echo patronstream: there is no 'java'. Install Java, 17 or newer, or set JAVA_HOME.>&2
exit /b 2

:found
set "major="
for /f "tokens=1,3" %%A in ('^""%java%" -XshowSettings:properties -version 2^>^&1^"') do if "%%A"=="java.specification.version" set "major=%%B"
if not defined major (
    echo patronstream: the Java that was found does not say which version it is.>&2
    exit /b 2
)
rem Up to Java 8 the version was written 1.8.
if "%major:~0,2%"=="1." set "major=%major:~2%"
if %major% LSS 17 (
    echo patronstream: Java %major% is too old. Install Java, 17 or newer, or set JAVA_HOME.>&2
    exit /b 2
)

rem From Java 24 on the machine warns about what RocksDB and Kafka's compression do, unless it is allowed here.
set "native="
if %major% GEQ 24 set "native=--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"

rem What Java's own variables ask for is not overruled.
set "heap=-Xmx1g"
set "collector=-XX:+UseSerialGC"
set "asked=%JAVA_TOOL_OPTIONS% %JDK_JAVA_OPTIONS% %PATRONSTREAM_JAVA_OPTS%"
rem Quotes in them would end those of the comparisons.
set "asked=%asked:"=%"
if not "%asked:-Xmx=%"=="%asked%" set "heap="
if not "%asked:MaxRAM=%"=="%asked%" set "heap="
if not "%asked:-XX:+Use=%"=="%asked%" set "collector="

"%java%" %heap% %collector% -Xshare:auto %native% "-Dpatronstream.command=%~0" %PATRONSTREAM_JAVA_OPTS% ^
    -cp "%installed%\lib\patronstream.jar;%installed%\demo\patronstream-demo.jar;%installed%\lib\more\*" dev.patronstream.cli.Patronstream %*
exit /b %errorlevel%
