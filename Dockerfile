FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
RUN dotnet publish src/Iec102.Server -c Release -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app .
USER $APP_UID
ENTRYPOINT ["dotnet", "iec102.dll"]
CMD ["serve", "--fleet", "/etc/iec102/fleet.conf", "--data", "/var/lib/iec102", "--urls", "http://0.0.0.0:8102"]
